/// The version of this package, written into every header and report.
public let packageVersion = "0.1.0"
