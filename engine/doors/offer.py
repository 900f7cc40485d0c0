"""An SDP offer, looked at before any WebRTC code sees it: what we cannot serve is refused in one sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address

from engine.errors import BadRequest

LINES = 2000
CANDIDATES = 40  # each is an address that we would send packets to
OPUS = re.compile(r"a=rtpmap:\d{1,3} opus/48000/2", re.IGNORECASE)
MESSAGE_SIZE = re.compile(r"a=max-message-size:(\d{1,10})")
DEFAULT_MESSAGE_SIZE = 65_536  # RFC 8841, 6.1


def invalid_offer(message: str) -> BadRequest:
    return BadRequest(message, param="sdp", code="invalid_offer")


@dataclass(slots=True)
class Section:
    kind: str
    port: str
    lines: list[str] = field(default_factory=list)

    def has(self, start: str) -> bool:
        return any(line.startswith(start) for line in self.lines)

    def value(self, start: str) -> str | None:
        return next((line.removeprefix(start) for line in self.lines if line.startswith(start)), None)


@dataclass(frozen=True, slots=True)
class Offer:
    sdp: str  # fit for aiortc
    message_size: int  # that the caller takes in one message; 0: any
    sends: bool  # whether any sound will come


def read_offer(text: str, limit: int) -> Offer:
    """Raises BadRequest, code `invalid_offer`."""
    if not text.strip():
        raise invalid_offer("There is no SDP offer: send the text of RTCPeerConnection.localDescription.sdp.")
    if len(text.encode(errors="replace")) > limit:
        raise invalid_offer(f"The SDP offer is larger than {limit} bytes.")
    lines = text.splitlines()
    if lines[0].strip() != "v=0" or len(lines) > LINES or "\0" in text:
        raise invalid_offer("This is no SDP offer: it must begin with 'v=0'.")
    head, sections = _split(lines)
    audio, data = _the_two(sections)
    _check(head, audio, data)
    size = MESSAGE_SIZE.search("\n".join(data.lines))
    return Offer(
        sdp="\r\n".join(_kept(lines)) + "\r\n",
        message_size=int(size[1]) if size else DEFAULT_MESSAGE_SIZE,
        sends=not (audio.has("a=recvonly") or audio.has("a=inactive")),
    )


def _split(lines: list[str]) -> tuple[Section, list[Section]]:
    """What is said of the whole, and the media sections."""
    here = head = Section("", "")
    sections: list[Section] = []
    for line in lines:
        if line.startswith("m="):
            kind, port, *_ = [*line[2:].split(" "), "", ""]
            here = Section(kind, port, [line])
            sections.append(here)
        else:
            here.lines.append(line)
    return head, sections


def _the_two(sections: list[Section]) -> tuple[Section, Section]:
    """A call is one audio section and one data channel."""
    audio = [each for each in sections if each.kind == "audio"]
    data = [each for each in sections if each.kind == "application"]
    others = len(sections) - len(audio) - len(data)
    if not audio:
        raise invalid_offer("The offer has no audio: add an audio track or transceiver before createOffer().")
    if others:
        raise invalid_offer("The offer has sections beside audio and data: this server takes no video.")
    if len(audio) > 1:
        raise invalid_offer(f"The offer has {len(audio)} audio sections: a call has exactly one.")
    if len(data) != 1:
        raise invalid_offer("The offer needs one data channel: createDataChannel('oai-events') before createOffer().")
    if "0" in (audio[0].port, data[0].port):
        raise invalid_offer("The offer has a section that is switched off (port 0).")
    return audio[0], data[0]


def _check(head: Section, audio: Section, data: Section) -> None:
    if not any(OPUS.fullmatch(line.strip()) for line in audio.lines):
        raise invalid_offer("The offer has no Opus: this server speaks Opus (opus/48000/2) only.")
    if "webrtc-datachannel" not in data.lines[0]:
        raise invalid_offer("The data section of the offer is no WebRTC data channel.")
    if not audio.has("a=rtcp-mux"):
        raise invalid_offer("The offer does not multiplex RTCP (a=rtcp-mux).")
    for section in (audio, data):
        for start in ("a=ice-ufrag:", "a=ice-pwd:", "a=fingerprint:", "a=setup:"):
            if not section.has(start) and not head.has(start):
                raise invalid_offer(f"The offer has no '{start[:-1]}' for its {section.kind} section.")
    bundle = (head.value("a=group:BUNDLE ") or "").split()
    if {audio.value("a=mid:"), data.value("a=mid:")} != set(bundle):
        raise invalid_offer("The offer does not bundle its audio and data sections (a=group:BUNDLE).")


def _kept(lines: list[str]) -> list[str]:
    """Without candidates that would have to be looked up, and without their end.

    A browser's `.local` names cost a second and cannot be found from elsewhere; callers that gather later, or whose
    candidates are all dropped here, are found by the checks that they send to us.
    """
    kept, candidates = [], 0
    for line in lines:
        if line.startswith("a=end-of-candidates"):
            continue
        if line.startswith("a=candidate:"):
            candidates += 1
            if candidates > CANDIDATES or not _is_reachable(line):
                continue
        kept.append(line)
    return kept


def _is_reachable(candidate: str) -> bool:
    parts = candidate.split()
    if len(parts) < 8 or parts[2].lower() != "udp":
        return False
    try:
        address = ip_address(parts[4])
    except ValueError:
        return False
    return not (address.is_multicast or address.is_unspecified)
