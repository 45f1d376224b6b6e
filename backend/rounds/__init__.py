"""Rounds of training: approved sentences become files, files a candidate, a candidate that passes the exam the served model."""
