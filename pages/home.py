import streamlit as st

st.title("Lossarium")
