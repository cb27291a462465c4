"""What is read from native voxels when somebody asks for it."""
