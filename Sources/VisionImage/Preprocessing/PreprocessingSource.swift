import VisionSystem
import VisionTensor

/// What a user gives as preprocessing: a preset, whose sides and channels are the network's, or a preprocessing as it is.
public enum PreprocessingSource: Sendable, Hashable {
  case preset(PreprocessingPreset)
  case exact(Preprocessing)

  /// The preprocessing, where it does not wait for a network's sides.
  package var exact: Preprocessing? {
    if case .exact(let preprocessing) = self { preprocessing } else { nil }
  }

  /// The preset of that name.
  ///
  /// - Throws: `ImageError` with code `invalidPreprocessing` for names that are none, with the nearest ones as remedy.
  public init(named name: String) throws(ImageError) {
    guard let preset = PreprocessingPreset(rawValue: name) else {
      let names = PreprocessingPreset.allCases.map(\.rawValue)
      let nearest = NearestNames.of(name, in: names)
      throw ImageError(
        .invalidPreprocessing, "there is no preset '\(NearestNames.printable(name))'",
        remedy: nearest.isEmpty
          ? "one of \(names.joined(separator: ", "))" : "did you mean \(nearest.joined(separator: " or "))?")
    }
    self = .preset(preset)
  }

  /// The preprocessing for a network whose input has these extents; nil stands for open ones.
  ///
  /// One that is exact stays as it is: whether it fits the network is for the network to say.
  ///
  /// - Throws: `ImageError` as `PreprocessingPreset.resolved(height:width:channels:)`.
  public func resolved(height: Int?, width: Int?, channels: Int?) throws(ImageError) -> Preprocessing {
    switch self {
    case .preset(let preset): try preset.resolved(height: height, width: width, channels: channels)
    case .exact(let preprocessing): preprocessing
    }
  }
}
