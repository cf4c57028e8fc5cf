@_exported import Autodiff
@_exported import Loops
