import VisionImage
import VisionStore
import Foundation
import Testing
import VisionNet

@testable import VisionNetCLI

/// `docs/schema/preprocessing.json` against what is written and read.
@Suite struct PreprocessingSchemaTests {
  private static let documents = #filePath.components(separatedBy: "/Tests/")[0] + "/docs"

  /// The keywords of JSON Schema that the schema uses, each checked as the 2020-12 draft says.
  private struct Schema {
    let root: [String: Any]

    init() throws {
      let data = try Data(contentsOf: URL(fileURLWithPath: "\(documents)/schema/preprocessing.json"))
      root = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    func accepts(_ json: String) throws -> Bool {
      try matches(JSONSerialization.jsonObject(with: Data(json.utf8)), root)
    }

    struct UnknownKeyword: Error { let name: String }

    private func matches(_ value: Any, _ schema: [String: Any]) throws -> Bool {
      for (keyword, rule) in schema where try !matches(value, keyword, rule, schema) { return false }
      return true
    }

    private func matches(_ value: Any, _ keyword: String, _ rule: Any, _ schema: [String: Any]) throws -> Bool
    {
      let object = value as? [String: Any]
      let array = value as? [Any]
      let number = value as? NSNumber
      let rules = rule as? [String: Any] ?? [:]
      switch keyword {
      case "$schema", "$id", "$defs", "title", "description", "then", "else": return true
      case "$ref":
        let name = try #require((rule as? String)?.split(separator: "/").last.map(String.init))
        return try matches(value, #require((root["$defs"] as? [String: Any])?[name] as? [String: Any]))
      case "type":
        switch rule as? String {
        case "object": return object != nil
        case "array": return array != nil
        case "number": return number != nil
        case "integer": return number.map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        default: throw UnknownKeyword(name: "type \(rule)")
        }
      case "const": return (rule as? NSObject) == (value as? NSObject)
      case "enum": return try #require(rule as? [NSObject]).contains { $0 == value as? NSObject }
      case "properties":
        return try object?.allSatisfy { key, inner in
          try (rules[key] as? [String: Any]).map { try matches(inner, $0) } ?? true
        } ?? true
      case "required":
        return object.map { object in (rule as? [String] ?? []).allSatisfy { object[$0] != nil } } ?? true
      case "additionalProperties":
        let known = schema["properties"] as? [String: Any] ?? [:]
        return object?.keys.allSatisfy { known[$0] != nil } ?? true
      case "items": return try array?.allSatisfy { try matches($0, rules) } ?? true
      case "minItems": return array.map { $0.count >= rule as? Int ?? 0 } ?? true
      case "maxItems": return array.map { $0.count <= rule as? Int ?? 0 } ?? true
      case "minimum": return number.map { $0.doubleValue >= (rule as? NSNumber)?.doubleValue ?? 0 } ?? true
      case "maximum": return number.map { $0.doubleValue <= (rule as? NSNumber)?.doubleValue ?? 0 } ?? true
      case "exclusiveMinimum":
        return number.map { $0.doubleValue > (rule as? NSNumber)?.doubleValue ?? 0 } ?? true
      case "not": return try !matches(value, rules)
      case "oneOf":
        return try #require(rule as? [[String: Any]]).filter { try matches(value, $0) }.count == 1
      case "if":
        let branch = try schema[matches(value, rules) ? "then" : "else"] as? [String: Any]
        return try branch.map { try matches(value, $0) } ?? true
      default: throw UnknownKeyword(name: keyword)
      }
    }
  }

  @Test func presetsAndPublishedModelsAreOfTheSchema() throws {
    let schema = try Schema()
    var all: [Preprocessing] = [.squeezeNetCaffe, .imageNet(64).decoding(.scaled)]
    for preset in PreprocessingPreset.allCases {
      all.append(try preset.resolved(height: nil, width: nil, channels: nil))
      all.append(try preset.resolved(height: 48, width: 80, channels: 3))
    }
    all.append(try PreprocessingPreset.bytes.resolved(height: 28, width: 28, channels: 1))
    all += try PretrainedManifest.standard().models.compactMap(\.preprocessing)
    all.append(try Preprocessing(width: 64, height: 64, fit: .resizeShorterSide(to: 67, rounding: .down)))
    all.append(
      try Preprocessing(width: 64, height: 64, fit: .letterbox(fill: RGBColor(red: 1, green: 2, blue: 255))))
    all.append(
      try Preprocessing(
        width: 64, height: 64, fit: .letterbox(fill: .black, anchor: .topLeft, enlarges: false)))
    #expect(all.count >= 18)
    for steps in all {
      #expect(try schema.accepts(steps.json), "\(steps.json)")
      let text = PreprocessingText.json(steps).indented
      #expect(try schema.accepts(text), "\(text)")
      #expect(try Preprocessing(json: text) == steps)
    }
  }

  /// What the schema refuses is refused by the reader too.
  @Test func theSchemaRefusesWhatTheReaderRefuses() throws {
    let schema = try Schema()
    let good = Preprocessing.efficientNetLite(224).json
    let changes = [
      (#""version":1"#, #""version":2"#), (#""width":224"#, #""width":0"#),
      (#""width":224"#, #""width":2.5"#),
      (#""width":224"#, #""width":"224""#), (#""width":224"#, #""wdth":224"#),
      (#""height":224"#, #""height":9000"#),
      (#""filter":"bicubic""#, #""filter":"cubic""#), (#""channels":"rgb""#, #""channels":"gray""#),
      (#""mean":[127,127,127]"#, #""mean":[127]"#),
      (#""deviation":[128,128,128]"#, #""deviation":[128,0,128]"#),
      (#""fraction":0.875"#, #""fraction":0"#), (#""fraction":0.875"#, #""fraction":1.5"#),
      (#""fraction":0.875,"#, ""), (#""fraction":0.875"#, #""fraction":0.875,"side":3"#),
      (#""centerCrop""#, #""squash""#),
      (#""fraction":0.875,"mode":"centerCrop""#, #""mode":"letterbox","fill":[0,0,256]"#),
      (#""fraction":0.875,"mode":"centerCrop""#, #""mode":"resizeShorterSide","side":256,"rounding":"up""#),
    ]
    #expect(try schema.accepts(good))
    for (old, new) in changes {
      let text = good.replacingOccurrences(of: old, with: new)
      #expect(text != good)
      #expect(try !schema.accepts(text), "\(new)")
      #expect(throws: ImageError.self) { try Preprocessing(json: text) }
    }
  }

  @Test func theExamplesOfThePageAreRead() throws {
    let schema = try Schema()
    let page = try String(contentsOfFile: "\(Self.documents)/reference/preprocessing.md", encoding: .utf8)
    let examples = page.components(separatedBy: "```json\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    #expect(examples.count == 3)
    for example in examples {
      #expect(try schema.accepts(example))
      #expect(throws: Never.self) { try Preprocessing(json: example) }
    }
    #expect(try Preprocessing(json: examples[0]) == .imageNet(224))
    for preset in PreprocessingPreset.allCases { #expect(page.contains("| `\(preset.rawValue)` |")) }
  }
}
