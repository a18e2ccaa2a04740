public import VisionImage

extension TrainConfiguration {
  /// The levels of 16-bit samples that are given, the other one as `levels` have it; nil for none.
  ///
  /// - Throws: `ImageError` `invalidPreprocessing` for black that is not below white.
  public func levels(over levels: SampleLevels? = nil) throws(ImageError) -> SampleLevels? {
    guard black != nil || white != nil else { return levels }
    return try SampleLevels(
      black: black ?? levels?.black ?? SampleLevels.range.lowerBound,
      white: white ?? levels?.white ?? SampleLevels.range.upperBound)
  }
}
