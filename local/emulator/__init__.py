"""The AWS emulator of `npm run local`: moto on loopback, with its gaps filled.

The blueprint knows no emulator. Where stock moto lacks an operation that the blueprint's resources call, or answers so
that Terraform's second plan is not empty, the gap is closed here, one module a service, each saying what and why.

Two rules hold for everything served:

- Every request is checked against botocore's own service model before it is served (``validation``), so that an
  argument AWS would refuse is refused here.
- Every answer of an operation written here has the shape of botocore's output model (``operations``).

All state lives on moto's own backends, so ``POST /moto-api/reset`` clears it.
"""
