/// A box to be drawn in an image.
package struct MarkedBox: Sendable {
  package var region: PixelRegion
  /// What is written at it; nothing when empty.
  package var label: String
  /// What is left out of the label where there is no room for all of it, such as a score.
  package var detail: String
  package var color: RGBColor
  /// Positions that get dots.
  package var points: [(x: Double, y: Double)]

  package init(
    _ region: PixelRegion, label: String = "", detail: String = "", color: RGBColor,
    points: [(x: Double, y: Double)] = []
  ) {
    (self.region, self.label, self.detail, self.color, self.points) = (region, label, detail, color, points)
  }
}
