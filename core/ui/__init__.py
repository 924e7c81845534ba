"""The parts of pages: pickers, stages, cards. The only Streamlit besides stage/bridge.py."""
