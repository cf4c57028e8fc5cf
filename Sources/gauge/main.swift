import Lattice
print("gauge")
