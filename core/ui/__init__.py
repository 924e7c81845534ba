"""What pages are made of: pickers, stages, cards. The only Streamlit besides stage/bridge.py."""
