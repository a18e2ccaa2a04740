import VisionStore
import VisionNet

/// JSON from bytes.
enum Texts {
  static func preprocessing(_ bytes: UnsafeRawBufferPointer) {
    guard let value = try? Preprocessing(json: Array(bytes)) else { return }
    let again = try? Preprocessing(json: value.json)
    require(again == value, "what was written is read")
    // Large inputs are legal and slow; sizes of the image that no side divides.
    guard value.elementCount < 1 << 18 else { return }
    for (width, height) in [(1, 1), (7, 5), (1, 300), (300, 1)] {
      guard let image = try? Image(width: width, height: height, pixels: pixels(width * height)) else {
        continue
      }
      _ = try? value.apply(to: image)
    }
  }

  static func manifest(_ bytes: UnsafeRawBufferPointer) {
    guard let manifest = try? PretrainedManifest(json: Array(bytes)) else { return }
    for model in manifest.models {
      require(!model.name.contains("/") && !model.file.hasPrefix("/"), "names stay in their folder")
    }
    _ = try? manifest.model(named: "efficientnet-lite0")
  }

  private static func pixels(_ count: Int) -> [UInt8] {
    (0..<count * 3).map { UInt8(truncatingIfNeeded: $0) }
  }
}
