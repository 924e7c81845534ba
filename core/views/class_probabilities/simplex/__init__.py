"""What a loss wants: the prediction that costs least, in the triangle of all predictions."""
