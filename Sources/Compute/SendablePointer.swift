/// A pointer into memory that several threads work on, each in a part of its own.
package struct SendablePointer<Pointee>: @unchecked Sendable {
  package let pointer: UnsafeMutablePointer<Pointee>

  package init(_ pointer: UnsafeMutablePointer<Pointee>) { self.pointer = pointer }
}
