import Foundation
import Testing
import VisionGraph
import VisionSystem
import VisionTensor

@testable import VisionModel

/// A frozen graph with the names of TensorFlow's Object Detection API and one cell: images of 8 × 8 pixels, a convolution of 2 × 2
/// pixels with weights of 0.1 for codes and classes, the anchor 0.1, 0.2, 0.8, 0.9 and codes divided by 10 and 5. It is
/// `Fuzzers/Corpora/frozen/detector`.
@Suite struct FrozenDetectorTests {
  private static let file = """
    CiEKBWltYWdlEgtQbGFjZWhvbGRlcioLCgVkdHlwZRICMAQKOQoEc2l6ZRIFQ29uc3QqHQoFdmFsdWUSFEISCAMSBBICCAIiCAgA\
    AAAIAAAAKgsKBWR0eXBlEgIwAwoyChNQcmVwcm9jZXNzb3IvcmVzaXplEg5SZXNpemVCaWxpbmVhchoFaW1hZ2UaBHNpemUKMwoG\
    ZmFjdG9yEgVDb25zdCoVCgV2YWx1ZRIMQgoIARIAIgSBgAA8KgsKBWR0eXBlEgIwAQo0ChBQcmVwcm9jZXNzb3IvbXVsEgNNdWwa\
    BmZhY3RvchoTUHJlcHJvY2Vzc29yL3Jlc2l6ZQowCgNvbmUSBUNvbnN0KhUKBXZhbHVlEgxCCggBEgAiBAAAgD8qCwoFZHR5cGUS\
    AjABCi4KEFByZXByb2Nlc3Nvci9zdWISA1N1YhoQUHJlcHJvY2Vzc29yL211bBoDb25lCooCCg1ib3hlcy93ZWlnaHRzEgVDb25z\
    dCrkAQoFdmFsdWUS2gFC1wEIARIQEgIIAhICCAISAggDEgIIBCLAAc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczM\
    Pc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3M\
    zD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3N\
    zMw9zczMPSoLCgVkdHlwZRICMAEKcQoFYm94ZXMSBkNvbnYyRBoQUHJlcHJvY2Vzc29yL3N1YhoNYm94ZXMvd2VpZ2h0cyoVCgdz\
    dHJpZGVzEgoKCBgBGAgYCBgBKhEKB3BhZGRpbmcSBhIEU0FNRSoVCgtkYXRhX2Zvcm1hdBIGEgROSFdDCkcKCmJveGVzL2JpYXMS\
    BUNvbnN0KiUKBXZhbHVlEhxCGggBEgQSAggEIhAAAAAAAAAAAAAAAAAAAAAAKgsKBWR0eXBlEgIwAQo+Cglib3hlcy9zdW0SB0Jp\
    YXNBZGQaBWJveGVzGgpib3hlcy9iaWFzKhUKC2RhdGFfZm9ybWF0EgYSBE5IV0MKRAoLYm94ZXMvc2hhcGUSBUNvbnN0KiEKBXZh\
    bHVlEhhCFggDEgQSAggDIgwBAAAAAQAAAAQAAAAqCwoFZHR5cGUSAjADCi0KCmJveGVzL3Jvd3MSB1Jlc2hhcGUaCWJveGVzL3N1\
    bRoLYm94ZXMvc2hhcGUK3AEKD2NsYXNzZXMvd2VpZ2h0cxIFQ29uc3QqtAEKBXZhbHVlEqoBQqcBCAESEBICCAISAggCEgIIAxIC\
    CAMikAHNzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3M\
    zD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD3NzMw9zczMPc3MzD0q\
    CwoFZHR5cGUSAjABCnUKB2NsYXNzZXMSBkNvbnYyRBoQUHJlcHJvY2Vzc29yL3N1YhoPY2xhc3Nlcy93ZWlnaHRzKhUKB3N0cmlk\
    ZXMSCgoIGAEYCBgIGAEqEQoHcGFkZGluZxIGEgRTQU1FKhUKC2RhdGFfZm9ybWF0EgYSBE5IV0MKRQoMY2xhc3Nlcy9iaWFzEgVD\
    b25zdCohCgV2YWx1ZRIYQhYIARIEEgIIAyIMAAAAAAAAAAAAAAAAKgsKBWR0eXBlEgIwAQpECgtjbGFzc2VzL3N1bRIHQmlhc0Fk\
    ZBoHY2xhc3NlcxoMY2xhc3Nlcy9iaWFzKhUKC2RhdGFfZm9ybWF0EgYSBE5IV0MKRgoNY2xhc3Nlcy9zaGFwZRIFQ29uc3QqIQoF\
    dmFsdWUSGEIWCAMSBBICCAMiDAEAAAABAAAAAwAAACoLCgVkdHlwZRICMAMKMwoMY2xhc3Nlcy9yb3dzEgdSZXNoYXBlGgtjbGFz\
    c2VzL3N1bRoNY2xhc3Nlcy9zaGFwZQpICgdhbmNob3JzEgVDb25zdCopCgV2YWx1ZRIgQh4IARIIEgIIARICCAQiEM3MzD3NzEw+\
    zcxMP2ZmZj8qCwoFZHR5cGUSAjABCi4KF1Bvc3Rwcm9jZXNzb3IvUmVzaGFwZV8xEgdSZXNoYXBlGgpib3hlcy9yb3dzClEKGlBv\
    c3Rwcm9jZXNzb3Ivc2NhbGVfbG9naXRzEgdSZWFsRGl2GgxjbGFzc2VzL3Jvd3MaHFBvc3Rwcm9jZXNzb3Ivc2NhbGVfbG9naXRz\
    L3kKSQocUG9zdHByb2Nlc3Nvci9zY2FsZV9sb2dpdHMveRIFQ29uc3QqFQoFdmFsdWUSDEIKCAESACIEAACAPyoLCgVkdHlwZRIC\
    MAEKLwoYUG9zdHByb2Nlc3Nvci9FeHBhbmREaW1zEgpFeHBhbmREaW1zGgdhbmNob3JzCkMKHFBvc3Rwcm9jZXNzb3IvY29udmVy\
    dF9zY29yZXMSB1NpZ21vaWQaGlBvc3Rwcm9jZXNzb3Ivc2NhbGVfbG9naXRzCkcKGlBvc3Rwcm9jZXNzb3IvRGVjb2RlL2Rpdi95\
    EgVDb25zdCoVCgV2YWx1ZRIMQgoIARIAIgQAACBBKgsKBWR0eXBlEgIwAQpJChxQb3N0cHJvY2Vzc29yL0RlY29kZS9kaXZfMS95\
    EgVDb25zdCoVCgV2YWx1ZRIMQgoIARIAIgQAACBBKgsKBWR0eXBlEgIwAQpJChxQb3N0cHJvY2Vzc29yL0RlY29kZS9kaXZfMi95\
    EgVDb25zdCoVCgV2YWx1ZRIMQgoIARIAIgQAAKBAKgsKBWR0eXBlEgIwAQpJChxQb3N0cHJvY2Vzc29yL0RlY29kZS9kaXZfMy95\
    EgVDb25zdCoVCgV2YWx1ZRIMQgoIARIAIgQAAKBAKgsKBWR0eXBlEgIwAQ==
    """

  private static func bytes() throws -> [UInt8] {
    Array(try #require(Data(base64Encoded: file, options: .ignoreUnknownCharacters)))
  }

  @Test(arguments: [0, 0.5] as [Float]) func boxesAreDecoded(_ pixel: Float) throws {
    let model = try Model(foreign: Self.bytes())
    #expect(model.graph.outputs.map(\.name) == ["boxes", "scores"])
    #expect(model.preprocessing?.width == 8 && model.preprocessing?.mean == [1, 1, 1])
    let input = Tensor([Float](repeating: pixel, count: 3 * 64), shape: [1, 3, 8, 8])
    let results = try Interpreter(model.graph, parameters: model.parameters).run(["input": input])
    // Twelve pixels of the window, each times 0.1.
    let code = Double(pixel) * 1.2
    let (height, width) = (0.7 * Libm.exp(code / 5), 0.7 * Libm.exp(code / 5))
    let (y, x) = (0.45 + 0.7 * code / 10, 0.55 + 0.7 * code / 10)
    let sides = [x - width / 2, y - height / 2, x + width / 2, y + height / 2].map { min(max($0, 0), 1) * 8 }
    for (found, wanted) in zip(try #require(results["boxes"]).doubles, sides) {
      #expect(abs(found - wanted) < 1e-5)
    }
    // The background is left out.
    let scores = try #require(results["scores"])
    #expect(scores.shape == [1, 1, 2])
    #expect(scores.doubles.allSatisfy { abs($0 - Libm.sigmoid(code)) < 1e-6 })
  }

  @Test func whatIsCutOffIsRefused() throws {
    let bytes = try Self.bytes()
    for count in stride(from: 1, to: bytes.count - 1, by: 7) {
      #expect(throws: FormatError.self) { try Model(foreign: Array(bytes[..<count])) }
    }
  }

  /// Whatever a byte becomes, nothing worse than an error follows.
  @Test func changedBytesEndInErrorsAtWorst() throws {
    let bytes = try Self.bytes()
    for position in stride(from: 0, to: bytes.count, by: 5) {
      var changed = bytes
      changed[position] ^= 0x5b
      _ = try? Model(foreign: changed)
    }
  }
}
