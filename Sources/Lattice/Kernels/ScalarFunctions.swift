import Foundation

// libm under names that kernels of any module can inline a call to.
@usableFromInline func cosine(_ x: Double) -> Double { cos(x) }
@usableFromInline func sine(_ x: Double) -> Double { sin(x) }
