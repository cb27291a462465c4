"""`consult launch-link`: a launch link as an EHR or a PACS makes it, to try them."""

from __future__ import annotations

import argparse
import secrets
import sys

from consult.cli.running_server import running_address
from consult.cli.setting_options import add_settings, settings_of
from consult.clock import now
from consult.http.sign_in.launch_link import launch_path
from consult.model.errors import Refused
from consult.store.accounts import user_name


def configure(parser: argparse.ArgumentParser) -> None:
    """Whom it brings to which study."""
    parser.add_argument("user", help="name of the user whom it signs in, as `consult user list` has it")
    study = parser.add_mutually_exclusive_group(required=True)
    study.add_argument("--study", default="", metavar="UID", help="StudyInstanceUID")
    study.add_argument("--accession", default="", metavar="NUMBER", help="AccessionNumber")
    parser.add_argument("--patient-id", default="", metavar="ID", help="PatientID that the study must have")
    add_settings(parser, ("data", "public_url", "launch_secret_file"))


def run(args: argparse.Namespace) -> int:
    """Print it, with the address of the server that runs on the data."""
    settings = settings_of(args)
    if not settings.launch_secret:
        raise Refused(
            "no_launch_secret", "Launch links are signed: name the file of the secret by --launch-secret-file."
        )
    path = launch_path(
        settings.launch_secret,
        int(now()),
        user=user_name(args.user),
        StudyInstanceUID=args.study,
        AccessionNumber=args.accession,
        PatientID=args.patient_id,
        nonce=secrets.token_urlsafe(12),
    )
    base = settings.public_url or running_address(settings.data) or f"http://{settings.host}:{settings.port}"
    print(f"{base}{path}")
    print("It is valid for 5 minutes, and opens once.", file=sys.stderr)
    return 0
