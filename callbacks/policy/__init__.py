"""The policy: all that a supervisor may change, read from policy.toml and checked whole."""

from callbacks.policy.notices import NoticeAddress
from callbacks.policy.whole import Policy, Referral, Topic, text_of

__all__ = ["NoticeAddress", "Policy", "Referral", "Topic", "text_of"]
