"""Checks made once at start, so that no caller ever meets a sentence that is missing."""

from callbacks.errors import PolicyError
from callbacks.policy import Policy
from ivr import leg_words
from ivr.catalogue import Catalogue, faults_of, faults_of_recordings
from ivr.flow import FLOW
from ivr.flow_check import FlowError
from ivr.tellings import SAME_FOR_ALL, TELLINGS
from ivr.trouble import SENTENCES


def check(policy: Policy) -> None:
    """FlowError where a catalogue does not fit the conversation, PolicyError where the policy does not."""
    catalogues = [Catalogue.of(language) for language in policy.languages.offered]
    told = {*TELLINGS, *leg_words.TELLINGS}
    faults = list(faults_of(catalogues, {*FLOW.sentences(), *SENTENCES, *leg_words.SENTENCES}, told))
    if faults:
        raise FlowError("\n".join(faults))
    wrong = dict(faults_of_recordings(policy.prompts, catalogues, SAME_FOR_ALL))
    if wrong:
        named = [f"prompts: {sentence}" for sentence in wrong.values()]
        raise PolicyError(named, {f"prompts.{name}": sentence for name, sentence in wrong.items()})
