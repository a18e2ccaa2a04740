import VisionNet
import VisionSystem

extension JSON {
  /// What every record holds as its first member, `schema`: the version of the names and meanings in `docs/schema`. It
  /// grows when a member changes or goes; members may be added.
  static let schema: JSON = 1

  /// Files that could not be used.
  static func list(_ files: [SkippedFile]) -> JSON {
    .array(
      files.map { ["path": .string($0.path), "code": .string($0.code), "message": .string($0.message)] })
  }
}
