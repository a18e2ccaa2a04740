import Foundation
import Testing
import VisionSystem

/// That the compiler warns of conversions that end the process, in every file of the sources: CI takes no warning.
@Suite struct UncheckedConversionTests {
  /// Whatever an initializer without a label makes of NaN; the standard library's would end the process.
  private protocol Conversions {
    func direct(_ double: Double, _ float: Float) -> [Int]
    func passed(_ doubles: [Double], _ floats: [Float]) -> [Int]
    func generic<F: BinaryFloatingPoint>(_ number: F) -> [Int]
    func duration(_ seconds: Double) -> [Duration]
  }

  /// Reached as a witness only, so that what is deprecated can be used without a warning.
  private struct Unlabeled: Conversions {
    @available(*, deprecated) func direct(_ double: Double, _ float: Float) -> [Int] {
      let inferred: Int = .init(double)
      return [
        Int(double), Int(float), Int(double * 2), Int(float.rounded()), inferred, Int(Int8(double)),
        Int(Int8(float)),
        Int(Int16(double)), Int(Int16(float)), Int(Int32(double)), Int(Int32(float)), Int(Int64(double)),
        Int(Int64(float)), Int(UInt(double)), Int(UInt(float)), Int(UInt8(double)), Int(UInt8(float)),
        Int(UInt16(double)), Int(UInt16(float)), Int(UInt32(double)), Int(UInt32(float)), Int(UInt64(double)),
        Int(UInt64(float)),
      ]
    }

    @available(*, deprecated) func passed(_ doubles: [Double], _ floats: [Float]) -> [Int] {
      doubles.map(Int.init) + floats.map(Int.init) + doubles.map { Int($0) } + floats.map { .init($0) }
    }

    @available(*, deprecated) func generic<F: BinaryFloatingPoint>(_ number: F) -> [Int] {
      [Int(number), Int(UInt8(number)), Int(Int32(number))]
    }

    @available(*, deprecated) func duration(_ seconds: Double) -> [Duration] {
      [.seconds(seconds), .milliseconds(seconds), .microseconds(seconds), .nanoseconds(seconds)]
    }
  }

  @Test func conversionsWithoutALabelAreOurs() {
    let conversions: any Conversions = Unlabeled()
    #expect(conversions.direct(.nan, .nan).allSatisfy { $0 == 0 })
    #expect(conversions.passed([.nan, .nan], [.nan]).allSatisfy { $0 == 0 })
    #expect(conversions.generic(Double.nan) == [0, 0, 0])
    #expect(conversions.generic(Float.nan) == [0, 0, 0])
    #expect(conversions.duration(.nan) == [.zero, .zero, .zero, .zero])
  }

  /// What can make an integer of a number, or a type that does.
  nonisolated(unsafe) private static let conversion =
    /\bU?Int(8|16|32|64|128)?\(|\.init\b|\b(FixedWidth|Binary|Signed|Unsigned)Integer\b|\.(seconds|milliseconds|microseconds|nanoseconds)\(/
  nonisolated(unsafe) private static let visible =
    /(?m)^ *(?:@\w+ +|public +|package +|internal +)*import +(VisionSystem)$/
  /// Vectors of integers have conversions of their own, which nothing shadows.
  nonisolated(unsafe) private static let vector =
    /\bSIMD\d+<U?Int\d*>\((truncatingIfNeeded:|rounding:)?[^)]*(Float|Double)/

  /// An integer type that is a parameter, for which the standard library's conversions are chosen.
  nonisolated(unsafe) private static let parameter =
    /(\w+) *: *(?:some +)?(?:FixedWidth|Binary|Signed|Unsigned)Integer\b/

  /// Whether a type is made of something without a label.
  private static func converts(_ code: String, to type: Substring) -> Bool {
    code.ranges(of: type + "(").contains { range in
      let before = code[..<range.lowerBound].last
      guard before.map({ !$0.isLetter && !$0.isNumber && $0 != "_" && $0 != "." }) ?? true else {
        return false
      }
      return code[range.upperBound...].prefixMatch(of: /\w+:|\)|String\(/) == nil
    }
  }

  static func isUnguarded(_ text: String) -> Bool {
    let code = text.split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(separator: "\n")
    return code.contains(conversion) && !code.contains(visible) || code.contains(vector)
      || code.matches(of: parameter).contains { converts(code, to: $0.1) }
  }

  /// A declaration of a module shadows those of the standard library only in files that import it.
  @Test func everyFileWithAConversionSeesWhatShadowsIt() throws {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let sources = root.appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
      .compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") && !$0.hasPrefix("VisionSystem/") }
    #expect(files.count > 500)
    for file in files {
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      #expect(!Self.isUnguarded(text), "Sources/\(file) converts numbers, but does not import VisionSystem")
    }
  }

  @Test func filesWithoutTheImportAreFound() {
    #expect(Self.isUnguarded("let a = Int(x.rounded())"))
    #expect(Self.isUnguarded("import VisionSystemX\nlet a: UInt8 = .init(x)"))
    #expect(Self.isUnguarded("// import VisionSystem\nlet a = x.map(Int32.init)"))
    #expect(Self.isUnguarded("import VisionSystem\nlet a = SIMD4<Int32>(SIMD4<Float>(x))"))
    #expect(Self.isUnguarded("import VisionSystem\nfunc f<I: FixedWidthInteger>(_ x: Float) -> I { I(x) }"))
    #expect(
      !Self.isUnguarded(
        "import VisionSystem\nfunc f<I: FixedWidthInteger>(_ x: Float) -> I { I(exactly: x) ?? I() }"))
    #expect(!Self.isUnguarded("import VisionSystem\nlet a = Int(x)"))
    #expect(!Self.isUnguarded("public import VisionSystem\nlet a = Int(x)"))
    #expect(!Self.isUnguarded("// Int(x)\nlet a = Double(3)"))
  }
}
