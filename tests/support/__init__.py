"""What tests of several rooms share: made DICOM files, a real server as a child process, real browsers."""
