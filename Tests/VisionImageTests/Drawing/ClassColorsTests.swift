import Testing
import VisionSystem

@testable import VisionImage

@Suite struct ClassColorsTests {
  private func parts(_ color: RGBColor) -> [Double] {
    [color.red, color.green, color.blue].map { Double($0) }
  }

  /// The relative luminance of WCAG 2.
  private func luminance(_ color: RGBColor) -> Double {
    let linear = parts(color).map { part -> Double in
      let value = part / 255
      return value <= 0.04045 ? value / 12.92 : Libm.pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  @Test func sixtyClassesHaveColorsOfTheirOwn() {
    let colors = (0..<60).map { ClassColors.color(of: $0) }
    #expect(Set(colors).count == 60)
    for index in 0..<20 {
      for other in 0..<index {
        let far = zip(parts(colors[index]), parts(colors[other])).map { abs($0 - $1) }.reduce(0, +)
        #expect(far > 60, "\(index) \(other)")
      }
    }
  }

  @Test func textIsReadableOnAllOfThem() {
    for index in 0..<60 {
      let color = ClassColors.color(of: index)
      let (a, b) = (luminance(color), luminance(ClassColors.ink(on: color)))
      #expect((max(a, b) + 0.05) / (min(a, b) + 0.05) >= 4, "\(index)")
    }
  }

  @Test func anyIndexHasAColor() {
    #expect(ClassColors.color(of: -5) == ClassColors.color(of: 0))
    #expect(ClassColors.color(of: .max).red >= 0)
  }
}
