"""One example: scores, softmax, target, and what each loss makes of them."""
