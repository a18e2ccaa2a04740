import Testing

@testable import VisionImage

/// Every change against what Pillow and torchvision make of the same image.
@Suite struct AugmentationGoldenTests {
  private func canvas(_ image: Image) throws -> AugmentationCanvas {
    // The color that is normalized to 0 is the one that `generate_augmented.py` fills with.
    let preprocessing = try Preprocessing(
      width: image.width, height: image.height, fit: .squash, mean: [9, 200, 77])
    let canvas = AugmentationCanvas()
    try canvas.load(image, preprocessing)
    return canvas
  }

  private func dull(_ image: Image) throws -> Image {
    let pixels = image.pixels.enumerated().map { index, value in
      let level = 40 + Int(value) / 2
      return UInt8(index % 3 == 0 ? 60 + level / 4 : level)
    }
    return try Image(width: image.width, height: image.height, pixels: pixels)
  }

  private func named(_ name: String) -> ImageOperation? {
    ImageOperation.allCases.first { "\($0)" == name }
  }

  @Test func everyChangeEqualsPillowByteForByte() throws {
    let rows = try Fixture.table("augmented.tsv")
    #expect(rows.count == 229)
    let noise = try Fixture.noise(61, 47)
    for row in rows {
      let canvas = try canvas(row[0] == "dull" ? dull(noise) : noise)
      if row[0] != "crop" { try canvas.fit() }
      let (number, isSmooth) = (try #require(Double(row[2])), row[3] == "1")
      switch row[0] {
      case "rand", "trivial", "dull":
        let operation = try #require(named(row[1]), "\(row)")
        let level = Int(number.magnitude)
        let strength =
          row[0] == "rand"
          ? RandAugment.strength(of: operation, level, 61, 47) : TrivialAugment.strength(of: operation, level)
        operation.apply(to: canvas, magnitude: number < 0 ? -strength : strength, isSmooth: isSmooth)
      case "hue": canvas.turnHue(number)
      case "flip": if row[1] == "horizontal" { canvas.flipHorizontally() } else { canvas.flipVertically() }
      default:
        let part = row[1].split(separator: " ").compactMap { Int($0) }
        try canvas.frame(x: part[0], y: part[1], width: part[2], height: part[3])
      }
      #expect(Fixture.checksum(UnsafeRawBufferPointer(canvas.pixels)) == row[4], "\(row)")
    }
  }

  @Test func everyOperationIsChecked() throws {
    let names = Set(try Fixture.table("augmented.tsv").map { $0[1] })
    for operation in ImageOperation.allCases { #expect(names.contains("\(operation)")) }
  }
}
