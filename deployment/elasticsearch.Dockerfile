# The plugin must be of the server's own version. analysis-kuromoji gives Japanese its words.
FROM elasticsearch:8.19.21
RUN bin/elasticsearch-plugin install --batch analysis-kuromoji
