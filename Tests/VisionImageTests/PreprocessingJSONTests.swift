import Testing

@testable import VisionImage

@Suite struct PreprocessingJSONTests {
  private static func samples() throws -> [Preprocessing] {
    [
      .imageNet(224), .efficientNetLite(240), .squeezeNetCaffe, .squashed(32),
      try Preprocessing(
        width: 640, height: 480, fit: .letterbox(fill: RGBColor(red: 1, green: 2, blue: 255)),
        filter: .lanczos, channels: .gray, mean: [0.1], deviation: [-3]),
      try Preprocessing(
        width: 64, height: 32, fit: .letterbox(fill: .black, anchor: .topLeft, enlarges: false)),
      try Preprocessing(width: 64, height: 32, fit: .letterbox(fill: .black, anchor: .centerDown)),
    ]
  }

  @Test func whatIsWrittenIsReadBackExactly() throws {
    for preprocessing in try Self.samples() {
      #expect(try Preprocessing(json: preprocessing.json) == preprocessing)
    }
  }

  /// Models and files of earlier versions have the British spelling.
  @Test func theFormerNameOfGrayIsRead() throws {
    let gray = try Preprocessing(
      width: 8, height: 8, fit: .squash, channels: .gray, mean: [0.5], deviation: [2])
    #expect(gray.json.contains(#""gray""#))
    #expect(try Preprocessing(json: gray.json.replacing(#""gray""#, with: "\"gr\u{65}y\"")) == gray)
  }

  @Test func theTextIsStable() {
    #expect(
      Preprocessing.efficientNetLite(224).json
        == #"{"channels":"rgb","deviation":[128,128,128],"filter":"bicubic","#
        + #""fit":{"fraction":0.875,"mode":"centerCrop"},"height":224,"mean":[127,127,127],"scale":[1,1,1],"#
        + #""version":1,"width":224}"#)
  }

  @Test func wrongTextIsRefusedByKey() throws {
    let good = Preprocessing.efficientNetLite(224).json
    let changes: [(String, String, String?)] = [
      (#""version":1"#, #""version":2"#, "version"), (#""version":1,"#, "", "version"),
      (#""width":224"#, #""width":0"#, "width"), (#""width":224"#, #""width":"224""#, "width"),
      (#""width":224"#, #""width":1e99"#, "width"), (#""width":224"#, #""width":2.5"#, "width"),
      (#""height":224"#, #""height":224,"hight":1"#, "hight"),
      (#""filter":"bicubic""#, #""filter":"cubic""#, "filter"),
      (#""channels":"rgb""#, #""channels":"rbg""#, "channels"),
      (#""channels":"rgb""#, #""channels":"gray""#, "scale"),
      (#""mean":[127,127,127]"#, #""mean":[127,127]"#, "mean"),
      (#""mean":[127,127,127]"#, #""mean":[127,null,127]"#, "mean.1"),
      (#""deviation":[128,128,128]"#, #""deviation":[128,0,128]"#, "deviation"),
      (#""fraction":0.875"#, #""fraction":1.5"#, "fit.fraction"),
      (#""fraction":0.875"#, #""fraction":0.875,"side":3"#, "fit.side"),
      (#""fraction":0.875,"#, "", "fit.fraction"), (#""centerCrop""#, #""centercrop""#, "fit.mode"),
      (#""fraction":0.875,"mode":"centerCrop""#, #""mode":"letterbox","fill":[0,0,256]"#, "fit.fill"),
      (#""fraction":0.875,"mode":"centerCrop""#, #""mode":"letterbox","fill":[0,0,0,256]"#, "fit.fill"),
      ("{", "", nil),
    ]
    for (old, new, key) in changes {
      let range = try #require(good.firstRange(of: old))
      let text = good.replacingCharacters(in: range, with: new)
      do {
        _ = try Preprocessing(json: text)
        Issue.record("read: \(text)")
      } catch {
        #expect(error.kind == .invalidPreprocessing)
        #expect(error.place == key, "\(text)")
      }
    }
    #expect(Fixture.kind { _ = try Preprocessing(json: [UInt8](repeating: 0x20, count: 1 << 17)) } != nil)
    #expect(
      Fixture.kind { _ = try Preprocessing(json: String(repeating: "[", count: 60000)) }
        == .invalidPreprocessing)
  }
}

extension String {
  fileprivate func replacingCharacters(in range: Range<String.Index>, with text: String) -> String {
    String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
  }
}
