"""Numbers of marks once more, by an independent path: from a file's own tags, by physical points, in float64. It shares
no code with rendering/, and none with how a series' grid is made."""
