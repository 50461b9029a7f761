"""Tokens that are made when a step is sent, signed by the key whose JWKS was put into the intent."""

import base64
import hashlib
import json
import time

from mesh.model import Mistake

# What PKCS #1 puts before a SHA-256 to say that it is one.
SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")


def bearer(words: dict, issuer: dict) -> str:
    """A JWT. `forged` has a signature of nobody, `expired` was good until an hour ago."""
    words = dict(words)
    now = int(time.time())
    claims = {"iss": words.pop("issuer"), "sub": words.pop("subject", "alice"), "iat": now - 7200}
    claims["exp"] = now - 3600 if words.pop("expired", False) else now + 3600
    for word, claim in (("audience", "aud"), ("scope", "scope")):
        if word in words:
            claims[claim] = words.pop(word)
    claims |= words.pop("claims", {})
    is_forged = words.pop("forged", False)
    if words:
        raise Mistake(f"no such word in a token: {', '.join(words)}")
    header = {"alg": "RS256", "typ": "JWT", "kid": issuer["name"]}
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    return f"{text}.{encoded(bytes(256) if is_forged else signature(text, issuer))}"


def signature(text: str, issuer: dict) -> bytes:
    modulus, exponent = int(issuer["modulus"], 16), int(issuer["exponent"], 16)
    size = (modulus.bit_length() + 7) // 8
    digest = SHA256 + hashlib.sha256(text.encode()).digest()
    padded = b"\x00\x01" + b"\xff" * (size - len(digest) - 3) + b"\x00" + digest
    return pow(int.from_bytes(padded, "big"), exponent, modulus).to_bytes(size, "big")


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()
