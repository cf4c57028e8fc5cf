// A network needs links, loops and the tape: one import gives them.
@_exported import Autodiff
@_exported import Lattice
@_exported import Loops
