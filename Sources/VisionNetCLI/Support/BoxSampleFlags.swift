import ArgumentParser

/// How samples with boxes are put together, for `visionnet preview`.
struct BoxSampleFlags: ParsableArguments {
  @Option(help: "The part of the samples with boxes that show four images. (default: that of --augment)")
  var mosaic: Double?

  @Option(help: "The α of MixUp for samples with boxes. (default: 0, none)")
  var mixup: Double?

  @Option(help: "The part of the samples with boxes into which objects are pasted. (default: 0)")
  var copyPaste: Double?

  /// Whether none of them is given.
  var isEmpty: Bool { mosaic == nil && mixup == nil && copyPaste == nil }

  func validate() throws {
    guard copyPaste.map({ (0...1).contains($0) }) ?? true else {
      throw ValidationError("--copy-paste must be from 0 to 1")
    }
    guard mosaic.map({ (0...1).contains($0) }) ?? true, mixup.map({ (0...10).contains($0) }) ?? true else {
      throw ValidationError("--mosaic must be from 0 to 1, and --mixup from 0 to 10")
    }
  }
}
