import CImageCodecs
import Testing

@testable import VisionImage

@Suite struct ResizerTests {
  @Test func everyFilterEqualsPillowByteForByte() throws {
    let rows = try Fixture.table("resized.tsv")
    #expect(rows.count == 70)
    for row in rows {
      let numbers = row.compactMap(Int.init)
      let filter = try #require(ResamplingFilter(rawValue: row[2]))
      let resized = try Fixture.noise(numbers[0], numbers[1])
        .resized(width: numbers[2], height: numbers[3], filter: filter)
      #expect(Fixture.checksum(resized) == row[5], "\(row)")
    }
  }

  /// `cv2.resize(…, interpolation=cv2.INTER_LINEAR)` of OpenCV 5.0 in float64; bytes are rounded after each axis.
  @Test func bilinearCenterIsOpenCVs() throws {
    let image = try Image(width: 7, height: 5) { pixels in
      for place in 0..<35 {
        for channel in 0..<3 { pixels[place * 3 + channel] = UInt8(place * 37 % 256) }
      }
    }
    let small = [[26.917, 113.25, 199.583], [34.417, 120.75, 207.083]]
    let large = [
      [0.375, 25.042, 53.819, 82.597, 111.375, 140.153, 168.931, 197.708, 222.375],
      [4.125, 28.792, 57.569, 86.347, 115.125, 143.903, 172.681, 201.458, 226.125],
      [7.875, 32.542, 61.319, 90.097, 118.875, 147.653, 176.431, 205.208, 229.875],
      [11.625, 36.292, 65.069, 93.847, 122.625, 151.403, 180.181, 208.958, 233.625],
    ]
    for rows in [small, large] {
      let resized = try image.resized(width: rows[0].count, height: rows.count, filter: .bilinearCenter)
      for (index, value) in rows.joined().enumerated() {
        #expect(abs(Double(resized.pixels[index * 3]) - value) < 1)
      }
    }
  }

  @Test func everyInstructionSetGivesTheSameBytes() throws {
    let image = try Fixture.noise(203, 117)
    let levels = [VN_RESAMPLE_AVX2, VN_RESAMPLE_AVX512].filter { vn_resample_supports(Int32($0)) == 1 }
    for filter in ResamplingFilter.allCases {
      for (width, height) in [(31, 17), (64, 64), (301, 12), (203, 40), (40, 117)] {
        var results: [[UInt8]] = []
        for level in [VN_RESAMPLE_PORTABLE] + levels {
          var resizer = Resizer()
          resizer.level = Int32(level)
          var output = [UInt8](repeating: 0, count: width * height * 3)
          try resize(&resizer, image, .init(width: width, height: height), filter, &output, width * 3)
          results.append(output)
        }
        for result in results { #expect(result == results[0], "\(filter) \(width)×\(height)") }
      }
    }
  }

  private func resize(
    _ resizer: inout Resizer, _ image: Image, _ target: Resizer.Target, _ filter: ResamplingFilter,
    _ output: inout [UInt8], _ pitch: Int
  ) throws {
    var failure: ImageError?
    output.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      do throws(ImageError) {
        try resizer.resize(image.view, to: target, filter: filter, output: base, pitch: pitch)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  @Test func aPartOfTheResultIsThatPartOfTheWhole() throws {
    let image = try Fixture.noise(83, 59)
    for filter in ResamplingFilter.allCases {
      for (width, height) in [(40, 40), (100, 90), (83, 30), (83, 59)] {
        let whole = try image.resized(width: width, height: height, filter: filter)
        let part = try whole.cropped(x: 7, y: 5, width: 21, height: 13)
        var output = [UInt8](repeating: 0, count: 21 * 13 * 3)
        var resizer = Resizer()
        try resize(
          &resizer, image, .init(width: width, height: height, columns: 7..<28, rows: 5..<18), filter,
          &output, 21 * 3)
        #expect(output == part.pixels, "\(filter) \(width)×\(height)")
      }
    }
  }

  @Test func aConstantImageStaysConstant() throws {
    let image = try Image(width: 23, height: 31) { $0.update(repeating: 201) }
    for filter in ResamplingFilter.allCases {
      for (width, height) in [(7, 9), (50, 61)] {
        let pixels = try image.resized(width: width, height: height, filter: filter).pixels
        #expect(pixels.allSatisfy { $0 == 201 })
      }
    }
  }

  @Test func impossibleSizesAreRefused() throws {
    let image = try Fixture.noise(3, 3)
    for (width, height) in [(0, 3), (3, -1), (65536, 1)] {
      #expect(
        Fixture.kind { _ = try image.resized(width: width, height: height) } == .invalidArgument)
    }
  }
}
