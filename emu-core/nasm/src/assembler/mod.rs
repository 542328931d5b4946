//! The passes over a text. What one statement says is in `statement`, what it makes in `emission`, and what becomes of all
//! in `output`.

mod emission;
mod output;
mod statement;

use crate::encode::Fixup;
use crate::expression::{Found, Scope, Segment, Wrong};
use crate::labels::Labels;
use crate::preprocessor::{Facts, Line, Preprocessor, Texts};
use crate::sections::Sections;
use crate::structure::{Declared, Instance, Location};
use crate::{Assembled, Diagnostic, LARGEST_TEXT, MOST_ERRORS, MOST_STATEMENTS, Options};
use std::rc::Rc;

/// Passes, at most. NASM too gives up on texts whose labels never rest.
const MOST_PASSES: u32 = 400;
/// Characters of a statement that the map shows.
const LONGEST_SHOWN: usize = 200;

/// A statement that made or reserved bytes.
struct Entry {
    segment: Segment,
    offset: u64,
    length: u64,
    line: Rc<Line>,
    bits: u8,
    code: bool,
}

/// A number to be put in once sections have addresses.
struct Pending {
    segment: Segment,
    at: u64,
    fixup: Fixup,
}

/// The state of the assembler.
pub struct Assembler {
    pub(crate) labels: Labels,
    pub(crate) sections: Sections,
    /// Where the next byte goes.
    pub(crate) at: Location,
    /// The section to go back to from `absolute` space.
    pub(crate) section: Segment,
    pub(crate) structure: Option<Declared>,
    pub(crate) instance: Option<Instance>,
    /// `align` also aligns the section.
    pub(crate) aligns_sections: bool,
    pub(crate) bits: u8,
    /// The processor that `cpu` allows.
    pub(crate) level: u8,
    pass: u32,
    /// True in the pass that makes the output.
    pub(crate) last: bool,
    changes: u64,
    line: Rc<Line>,
    statements: u64,
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
    entries: Vec<Entry>,
    pending: Vec<Pending>,
    stopped: bool,
}

impl Scope for Assembler {
    fn symbol(&self, name: &str) -> Found {
        self.labels.find(name, self.pass == 1)
    }

    fn here(&self) -> (i64, Option<Segment>) {
        (self.at.offset, self.at.segment)
    }
}

impl Facts for Assembler {
    fn bits(&self) -> u8 {
        self.bits
    }

    fn section_line(&self) -> String {
        format!("[section {}]", self.sections.list[self.section as usize].name)
    }

    fn pass(&self) -> u32 {
        self.pass
    }
}

/// Assembles a text; see [`crate::assemble`].
///
/// # Errors
/// What is wrong with the text.
pub fn assemble(source: &str, options: &Options) -> Result<Assembled, Vec<Diagnostic>> {
    let refuse = |message: String| vec![Diagnostic { file: None, line: 1, column: 1, message }];
    if options.bits != 16 && options.bits != 32 {
        return Err(refuse(format!("a program is for 16 or 32 bits, not {}", options.bits)));
    }
    if options.includes.values().map(String::len).chain([source.len()]).any(|length| length > LARGEST_TEXT) {
        return Err(refuse(format!("a text has more than {LARGEST_TEXT} bytes")));
    }
    let texts = Texts::new(source, options);
    let mut assembler = Assembler::new();
    loop {
        assembler.start_pass(options.bits);
        let expansions = assembler.run(&texts, options)?;
        let settled = assembler.changes == 0;
        if assembler.last && settled {
            return assembler.output(expansions).map_err(refuse);
        }
        if assembler.pass >= MOST_PASSES || assembler.last {
            return Err(refuse("the labels find no rest: the size of something depends on itself".into()));
        }
        assembler.last = settled;
    }
}

impl Assembler {
    fn new() -> Self {
        Self {
            labels: Labels::default(),
            sections: Sections::new(),
            at: Location { segment: Some(0), offset: 0 },
            section: 0,
            structure: None,
            instance: None,
            aligns_sections: true,
            bits: 16,
            level: u8::MAX,
            pass: 0,
            last: false,
            changes: 0,
            line: Rc::default(),
            statements: 0,
            errors: Vec::new(),
            warnings: Vec::new(),
            entries: Vec::new(),
            pending: Vec::new(),
            stopped: false,
        }
    }

    fn start_pass(&mut self, bits: u8) {
        self.labels.start_pass();
        self.sections.start_pass();
        self.at = Location { segment: Some(0), offset: 0 };
        self.section = 0;
        (self.structure, self.instance, self.aligns_sections) = (None, None, true);
        (self.bits, self.level) = (bits, u8::MAX);
        self.pass += 1;
        self.changes = 0;
    }

    /// One pass.
    fn run(&mut self, texts: &Texts, options: &Options) -> Result<Vec<crate::Expansion>, Vec<Diagnostic>> {
        let mut preprocessor = Preprocessor::new(texts, options, self.last);
        while let Some(line) = preprocessor.next_line(self) {
            self.statements += 1;
            self.line = Rc::new(line);
            if self.statements > MOST_STATEMENTS {
                self.stop(format!("more than {MOST_STATEMENTS} statements in all passes: does the text repeat itself without end?"));
            } else {
                self.statement();
            }
            if self.stopped || self.errors.len() >= MOST_ERRORS {
                break;
            }
        }
        if let Some(open) = self.structure.take() {
            self.fail(Wrong::new(
                0,
                format!("the structure `{}` is not closed: `endstruc` is missing", open.name),
            ));
        }
        self.warnings.append(&mut preprocessor.warnings);
        self.errors.append(&mut preprocessor.errors);
        if self.errors.is_empty() {
            return Ok(preprocessor.expansions);
        }
        let mut errors = std::mem::take(&mut self.errors);
        errors.sort();
        errors.dedup();
        errors.truncate(MOST_ERRORS);
        Err(errors)
    }

    fn diagnostic(&self, wrong: Wrong) -> Diagnostic {
        Diagnostic {
            file: self.line.file.as_ref().map(|f| f.to_string()),
            line: self.line.number,
            column: self.line.column(wrong.at),
            message: wrong.message,
        }
    }

    pub(crate) fn fail(&mut self, wrong: Wrong) {
        if self.errors.len() < MOST_ERRORS {
            let error = self.diagnostic(wrong);
            self.errors.push(error);
        }
    }

    fn stop(&mut self, message: String) {
        self.fail(Wrong::new(0, message));
        self.stopped = true;
    }

    pub(crate) fn warn(&mut self, wrong: Wrong) {
        if self.last && self.warnings.len() < MOST_ERRORS {
            let warning = self.diagnostic(wrong);
            self.warnings.push(warning);
        }
    }
}
