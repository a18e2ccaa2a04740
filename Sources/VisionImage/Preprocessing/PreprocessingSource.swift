import VisionSystem
import VisionTensor

/// The preprocessing that a user specifies: a preset, which takes sides and channels from the network, or an
/// exact one.
public enum PreprocessingSource: Sendable, Hashable {
  case preset(PreprocessingPreset)
  case exact(Preprocessing)

  /// The preprocessing, if it is exact; nil for a preset.
  package var exact: Preprocessing? {
    if case .exact(let preprocessing) = self { preprocessing } else { nil }
  }

  /// The preset with the given name.
  ///
  /// - Throws: `ImageError` with code `invalidPreprocessing` for unknown names, with the nearest names as
  ///   remedy.
  public init(named name: String) throws(ImageError) {
    guard let preset = PreprocessingPreset(rawValue: name) else {
      let names = PreprocessingPreset.allCases.map(\.rawValue)
      let nearest = NearestNames.of(name, in: names)
      throw ImageError(
        .invalidPreprocessing, "there is no preset '\(NearestNames.printable(name))'",
        remedy: nearest.isEmpty
          ? "one of \(names.joined(separator: ", "))" : "did you mean \(nearest[0])?")
    }
    self = .preset(preset)
  }

  /// The preprocessing for a network whose input has these extents; nil for open ones.
  ///
  /// An exact preprocessing is returned unchanged, without a check whether it suits the network.
  ///
  /// - Throws: the errors of `PreprocessingPreset.resolved(height:width:channels:)`.
  public func resolved(height: Int?, width: Int?, channels: Int?) throws(ImageError) -> Preprocessing {
    switch self {
    case .preset(let preset): try preset.resolved(height: height, width: width, channels: channels)
    case .exact(let preprocessing): preprocessing
    }
  }
}
