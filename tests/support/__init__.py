"""What the tests are made with: small plans, filled forms, a city's folder, a real office program."""
