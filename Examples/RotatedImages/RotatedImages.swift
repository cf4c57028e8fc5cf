import ArgumentParser
struct RotatedImages: ParsableCommand {
  func run() throws {}
}
