import { createContext } from 'svelte';
import type { Register } from '$lib/register/register.svelte';

/** The register that the layout built: the one object graph of the counter. */
export const [getRegister, setRegister] = createContext<Register>();
