"""The tables of the experts app, a file for each noun."""

from .badge import BadgeAward, Tier
from .profile import Level, Profile, ProfileLanguage, ProfileTopic
from .reputation import Kind, ReputationEntry
from .standing import Standing

__all__ = [
    "BadgeAward",
    "Kind",
    "Level",
    "Profile",
    "ProfileLanguage",
    "ProfileTopic",
    "ReputationEntry",
    "Standing",
    "Tier",
]
