"""The computed patient: organs, bones, vessels, lesions, painted into volumes."""
