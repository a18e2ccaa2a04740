@testable import VisionModel
import VisionImage
@testable import VisionNet

/// Files of other programs that say labels or preprocessing.
enum Documents {
  /// Labels in every form, and the metadata of a model.
  static func labels(_ bytes: UnsafeRawBufferPointer) {
    if let names = try? Labels.parse(Array(bytes)) {
      require(!names.isEmpty && names.allSatisfy { !$0.isEmpty }, "no class is without a name")
      require(names.count >= LabelList.repeatingCount || Set(names).count == names.count, "each name once")
      let list = "[" + names.map(JSONText.quoted).joined(separator: ",") + "]"
      require((try? Labels.parse(list)) == names, "what was written is read")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    let metadata = ForeignMetadata([("names", text), ("imgsz", text), ("stride", text), ("task", text)])
    require(metadata.names.map { !$0.isEmpty } ?? true)
    require((metadata.imageHeight ?? 1) > 0 && (metadata.imageWidth ?? 1) > 0 && (metadata.stride ?? 1) > 0)
  }

  /// A preprocessing: VisionNet's own, that of an image processor of transformers, or that of a model of timm.
  static func preprocessor(_ bytes: UnsafeRawBufferPointer) {
    guard case .exact(let value)? = try? PreprocessingSource(json: Array(bytes)) else { return }
    require((try? Preprocessing(json: value.json)) == value, "what was written is read")
  }
}
