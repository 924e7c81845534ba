"""Softmax regression under several losses."""
