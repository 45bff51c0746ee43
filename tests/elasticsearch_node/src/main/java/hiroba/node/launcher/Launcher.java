package hiroba.node.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.InternalSettingsPreparer;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node in the foreground until it is told to end.
 *
 * <p>Arguments: {@code HOME NAME DATA HTTP_PORT TRANSPORT_PORT SEEDS}. SEEDS is {@code -} for a node on its own, else
 * {@code name=port,name=port,...} for every node of the cluster, itself included.
 */
public final class Launcher {
    private static final long PATIENCE_S = 10;

    private Launcher() {}

    public static void main(String[] args) throws Exception {
        if (args.length != 6) {
            System.err.println("usage: Launcher HOME NAME DATA HTTP_PORT TRANSPORT_PORT SEEDS");
            System.exit(2);
        }
        Path home = Path.of(args[0]);
        Settings settings = settings(args[1], Path.of(args[2]), args[3], args[4], args[5], home);
        LogConfigurator.configureWithoutConfig(settings);
        LogConfigurator.configureESLogging();
        Environment environment = InternalSettingsPreparer.prepareEnvironment(
            settings, Map.of(), home.resolve("config"), () -> args[1]
        );
        PluginsLoader plugins = PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(environment.modulesDir()),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of(),
            false
        );
        Node node = new Node(environment, plugins);
        CountDownLatch ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            close(node);
            ended.countDown();
        }));
        node.start();
        System.out.println("ready http://127.0.0.1:" + args[3]);
        ended.await();
    }

    private static Settings settings(String name, Path data, String http, String transport, String seeds, Path home)
        throws Exception {
        Files.createDirectories(data);
        Settings.Builder builder = Settings.builder()
            .put("path.home", home.toString())
            .put("path.data", data.resolve("data").toString())
            .put("path.logs", data.resolve("logs").toString())
            .put("node.name", name)
            .put("cluster.name", "hiroba-" + (seeds.equals("-") ? "node" : "cluster"))
            .put("network.host", "127.0.0.1")
            .put("http.port", http)
            .put("transport.port", transport)
            .put("logger.level", "WARN")
            // A developer's nearly full disk must not turn indexes read-only.
            .put("cluster.routing.allocation.disk.threshold_enabled", false);
        if (seeds.equals("-")) {
            return builder.put("discovery.type", "single-node").build();
        }
        String[] members = seeds.split(",");
        String[] names = new String[members.length];
        String[] hosts = new String[members.length];
        for (int i = 0; i < members.length; i++) {
            names[i] = members[i].split("=")[0];
            hosts[i] = "127.0.0.1:" + members[i].split("=")[1];
        }
        builder.putList("discovery.seed_hosts", hosts);
        // Only a cluster's first start may elect by name; afterwards it remembers its members.
        if (Files.notExists(data.resolve("data").resolve("_state"))) {
            builder.putList("cluster.initial_master_nodes", names);
        }
        return builder.build();
    }

    private static void close(Node node) {
        try {
            node.prepareForClose();
            node.close();
            node.awaitClose(PATIENCE_S, TimeUnit.SECONDS);
        } catch (Exception error) {
            System.err.println("the node did not close cleanly: " + error);
        }
    }
}
