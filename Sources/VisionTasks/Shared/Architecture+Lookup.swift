import VisionLayers
import VisionSystem
import VisionTensor

extension Architecture {
  /// The architecture with the given name, regardless of case, dashes and underscores: `mobilenetv2` is
  /// `mobilenet_v2`.
  ///
  /// - Throws: `TrainingError` with code `architecture` when there is none; it suggests similar names.
  static func found(_ name: String) throws(TrainingError) -> Architecture {
    func plain(_ text: String) -> String { text.lowercased().filter { $0 != "-" && $0 != "_" } }
    if let found = Architecture.named(name)
      ?? Architecture.all.first(where: { plain($0.name) == plain(name) })
    {
      return found
    }
    let names = Architecture.all.map(\.name)
    let near = NearestNames.of(name, in: names)
    throw TrainingError(
      .architecture, "there is no architecture '\(NearestNames.printable(name))'",
      remedy: near.isEmpty
        ? "the architectures are \(names.joined(separator: ", "))"
        : "did you mean \(near[0])?")
  }
}
