import VisionImage
import VisionNet
import VisionSystem

extension JSON {
  /// Files that could not be used.
  static func list(_ files: [SkippedFile]) -> JSON {
    .array(
      files.map { ["path": .string($0.path), "code": .string($0.code), "message": .string($0.message)] })
  }
}
