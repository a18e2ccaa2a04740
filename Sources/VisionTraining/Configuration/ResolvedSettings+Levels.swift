package import VisionSystem
package import VisionImage

extension ResolvedSettings {
  /// The preprocessing with the chosen decoding and levels of 16-bit samples; without a choice they stay.
  ///
  /// - Throws: `TrainingError` for black that is not below white.
  package func applied(to preprocessing: Preprocessing) throws(TrainingError) -> Preprocessing {
    let levels: SampleLevels?
    do { levels = try self.levels(over: preprocessing.levels) } catch { throw TrainingError(error) }
    return preprocessing.decoding(self[.decoding] ?? preprocessing.decoding).levels(levels)
  }

  /// The chosen levels of 16-bit samples; a level that is not chosen is that of `levels`.
  ///
  /// - Throws: `ImageError` `invalidPreprocessing` for black that is not below white.
  package func levels(over levels: SampleLevels? = nil) throws(ImageError) -> SampleLevels? {
    guard self[.black] != nil || self[.white] != nil else { return levels }
    return try SampleLevels(
      black: self[.black] ?? levels?.black ?? SampleLevels.range.lowerBound,
      white: self[.white] ?? levels?.white ?? SampleLevels.range.upperBound)
  }
}
