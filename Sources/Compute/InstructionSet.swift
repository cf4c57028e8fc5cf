import CKernels

/// The vector instructions that this build was made for; the baseline is correct, and several times
/// slower.
public var instructionSetName: String {
  switch ck_instruction_set() {
  case 2: "AVX2 and FMA"
  case 3: "AVX-512"
  case 4: "NEON"
  default: "baseline"
  }
}
