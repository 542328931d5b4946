//! What a run leaves: screenshot, text screen, hash, statistics.

use crate::args::Options;
use crate::session::Session;
use crate::{Outcome, files, png};

/// Does what the flags of the section "Result" ask for.
pub fn report(session: &mut Session, options: &Options) -> Outcome<()> {
    let machine = &mut session.machine;
    if let Some(file) = &options.screenshot {
        let frame = machine.render().ok_or("--screenshot: the machine has no screen")?;
        files::write(file, &png::encode(frame.width, frame.height, &frame.rgba))?;
    }
    if let Some(file) = &options.save {
        files::write(file, &machine.snapshot(None).to_bytes(None))?;
    }
    if options.screen_text {
        match machine.text_screen() {
            None => println!("(graphics mode)"),
            Some(screen) => {
                let rows: Vec<&str> = screen.rows.iter().map(|row| row.trim_end()).collect();
                println!("{}", rows.join("\n").trim_end());
            }
        }
    }
    if options.state_hash {
        println!("{:032x}", machine.state_hash());
    }
    if options.stats {
        let (instructions, ms) = (machine.instructions(), session.host.as_secs_f64() * 1000.0);
        println!(
            "{{\"instructions\":{instructions},\"virtual_ns\":{},\"host_ms\":{ms:.0},\"mips\":{:.2},\"wasm_memory\":0}}",
            machine.time(),
            instructions as f64 / 1000.0 / ms.max(0.001)
        );
    }
    Ok(())
}
