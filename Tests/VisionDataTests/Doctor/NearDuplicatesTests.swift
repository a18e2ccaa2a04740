import Foundation
import Testing
import VisionSystem
import VisionTestSupport
import VisionCompute
import VisionImage

@testable import VisionData

@Suite struct NearDuplicatesTests {
  private static let executor = Executor(threads: 2)

  private func sketch(_ image: Image) throws -> ImageSketch { try ImageSketch(image) }

  /// Every change at once that is not slight: 60 % of the size, quality 50, brighter, cropped.
  private func changed(_ image: Image) throws -> Image {
    let (x, y) = (image.width * 3 / 100, image.height * 3 / 100)
    let part = try image.cropped(x: x, y: y, width: image.width - x, height: image.height - y)
    let bright = try Scene.brightened(part, by: 1.1)
    let small = try bright.resized(width: bright.width * 4 / 5, height: bright.height * 4 / 5)
    return try Image(encoded: small.jpegData(quality: 50))
  }

  @Test func copiesAreFoundAmongOtherScenes() throws {
    let scenes = try (0..<30).map { try Scene.image($0) }
    let sketches = try scenes.map(sketch) + scenes[..<10].map { try sketch(changed($0)) }
    let found = NearDuplicates(sketches, executor: Self.executor)
    #expect(found.pairs.map { [$0.0, $0.1] } == (0..<10).map { [$0, $0 + 30] })
    #expect(found.limit == NearDuplicates.widest)
  }

  @Test func anotherColorIsAnotherImage() throws {
    let scene = try Scene.image(5)
    let own = try sketch(scene)
    #expect(!NearDuplicates.isAlike(own, try sketch(mapped(scene) { [$0[2], $0[1], $0[0]] })))
    let gray = try mapped(scene) { pixel in
      let sum = Int(pixel[0]) * 299 + Int(pixel[1]) * 587 + Int(pixel[2]) * 114
      return [UInt8](repeating: UInt8(sum / 1000), count: 3)
    }
    #expect(NearDuplicates.isAlike(own, try sketch(gray)))
  }

  private func mapped(_ image: Image, _ body: ([UInt8]) -> [UInt8]) throws -> Image {
    let pixels = image.pixels
    var result: [UInt8] = []
    for start in stride(from: 0, to: pixels.count, by: 3) { result += body(Array(pixels[start..<start + 3])) }
    return try Image(width: image.width, height: image.height, pixels: result)
  }

  @Test func imagesOfOneColorAreNoPair() throws {
    let plain = try [10, 10, 200].map { value in
      try sketch(Image(width: 80, height: 80, pixels: [UInt8](repeating: value, count: 80 * 80 * 3)))
    }
    #expect(NearDuplicates(plain, executor: Self.executor).pairs.isEmpty)
  }

  @Test func tooManyCandidatesNarrowTheSearch() throws {
    let scene = try sketch(Scene.image(1))
    let sketches = [ImageSketch](repeating: scene, count: 12)
    let narrow = NearDuplicates(sketches, executor: Self.executor, budget: 20)
    #expect(narrow.limit == nil)
    #expect(narrow.pairs.map { [$0.0, $0.1] } == (0..<11).map { [$0, $0 + 1] })
    let wide = NearDuplicates(sketches, executor: Self.executor, budget: 66)
    #expect(wide.pairs.count == 66)
  }

  @Test func alignmentUndoesACrop() throws {
    let scene = try Scene.image(12, width: 200, height: 160)
    let crop = try scene.cropped(x: 10, y: 0, width: 190, height: 152)
    let (a, b) = (try sketch(scene), try sketch(crop))
    let fixed = SketchAlignment(a, b, isFixed: true)
    let aligned = SketchAlignment(a, b, isFixed: false)
    #expect(aligned.similarity > 0.97)
    #expect(aligned.similarity > fixed.similarity)
    #expect(aligned.detail > 0.9)
  }

  @Test func normalEquationsGiveBackWhatTheyWereMadeOf() throws {
    let wanted = [1.5, -2, 0.25, 3, 0.5, -40]
    var equations = NormalEquations()
    #expect(equations.solution == nil)
    for index in 0..<20 {
      let x = Double(index)
      let row = (x, x * x / 10, sin(x), cos(2 * x), sin(3 * x + 1), 1.0)
      let parts = [row.0, row.1, row.2, row.3, row.4, row.5]
      let value = zip(parts, wanted).reduce(0.0) { $0 + $1.0 * $1.1 }
      equations.add(row, value)
    }
    let solution = try #require(equations.solution)
    for (found, value) in zip(solution, wanted) { #expect(abs(found - value) < 1e-8) }
  }
}
