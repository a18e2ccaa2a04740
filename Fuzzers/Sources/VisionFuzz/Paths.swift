import VisionImage
import VisionModel
import VisionNet

/// Names of files from bytes: as the command line takes them, and as model files name their external data.
enum Paths {
  static func read(_ bytes: UnsafeRawBufferPointer) {
    _ = Sandbox.inside
    let path = FilePath(bytes: Array(bytes.prefix(5000)))
    // Devices and the like have no end or wait for one.
    guard !path.text.contains("dev"), !path.text.contains("proc") else { return }
    _ = path.printable
    _ = path.kind
    let options = ImageOptions(maximumPixels: 1 << 12, maximumFileBytes: 1 << 12)
    _ = try? path.image(options: options)
    _ = path.beginning(8)
    // The way up leads to the whole disk.
    let isInside = path.text.hasPrefix("fo") && !path.text.contains("..")
    var walk = DirectoryWalk(isInside && path.kind == .directory ? path : FilePath("folder")) { _, _ in }
    while walk.next() != nil {}
    _ = ImageFormat(path: path.text)
    _ = try? SafeTensors.read(path.text)
    external(path.text)
  }

  /// A model whose only weight stands in the file of that name: nothing outside the folder may be read.
  private static func external(_ location: String) {
    let model = "\(Sandbox.inside)/model.onnx"
    guard (try? ExternalModel.write(location: location, to: model)) != nil else { return }
    guard let read = try? OnnxReader.read(model) else { return }
    for (_, tensor) in read.parameters {
      require(
        tensor.withUnsafeBytes { Array($0) } != Sandbox.secret, "external data outside the folder was read")
    }
  }
}
