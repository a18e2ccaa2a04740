import CImageCodecs
import VisionSystem
import VisionTensor

extension ImageOptions {
  /// The levels for the C shims: those of the options or, if nil, of their preprocessing.
  var sampleLevels: vn_sample_levels {
    guard let levels = levels ?? preprocessing?.levels else { return vn_sample_levels(black: 0, white: 0) }
    return vn_sample_levels(
      black: UInt16(clamping: levels.black), white: UInt16(clamping: levels.white))
  }
}
