"""What was handed in, told apart: folders and archives into submissions, unpacked harmlessly."""
